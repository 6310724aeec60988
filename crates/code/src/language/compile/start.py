# Runs main.py as `python3 main.py` does, with `exit` and `quit`, which a Python without site packages lacks.
import _sitebuiltins
import builtins
import sys

builtins.exit = _sitebuiltins.Quitter("exit", "the end of input")
builtins.quit = _sitebuiltins.Quitter("quit", "the end of input")
__file__ = "/app/main.py"
sys.argv = [__file__]
del _sitebuiltins, builtins, sys
with open(__file__, "rb") as __source__:
    __source__ = __source__.read()
exec(compile(__source__, __file__, "exec", dont_inherit=True))
