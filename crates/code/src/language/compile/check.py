# Reads main.py without running it.
import sys
import traceback

try:
    with open("main.py", "rb") as file:
        compile(file.read(), "main.py", "exec", dont_inherit=True)
except BaseException as error:
    sys.stderr.write("".join(traceback.format_exception_only(type(error), error)))
    sys.exit(1)
