package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := 0
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			// line has its newline at the end, if it has one. Your code goes here.
			lines++
		}
		if err != nil {
			break
		}
	}
	fmt.Fprintf(out, "end lines=%d counted=0 duplicate=0 late=0 malformed=0\n", lines)
}
