// Mistake: times are unsigned, and near time zero `newest - lateness` wraps around: every line is late.

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
)

const (
	latenessMs = 5_000
	windowMs   = 60_000
)

type request struct {
	time uint64
	id   string
}

type row struct {
	durations []int32
	errors    int
}

// window is a minute of requests. A duplicate has the time of its original and so its window: what was seen
// goes when the window goes.
type window struct {
	seen   map[request]struct{}
	routes map[string]*row
}

type summary struct {
	out                                          *bufio.Writer
	windows                                      map[uint64]*window
	newest                                       uint64
	lines, counted, duplicate, late, malformed int
}

func main() {
	s := &summary{out: bufio.NewWriter(os.Stdout), windows: map[uint64]*window{}}
	defer s.out.Flush()
	// ReadSlice and not a Scanner: a Scanner stops for good at a line that is longer than its buffer.
	in := bufio.NewReaderSize(os.Stdin, 64*1024)
	for {
		line, err := in.ReadSlice('\n')
		long := false
		for errors.Is(err, bufio.ErrBufferFull) {
			long = true
			line, err = in.ReadSlice('\n')
		}
		if errors.Is(err, io.EOF) {
			if long || len(line) > 0 {
				s.lines++
				s.malformed++
			}
			break
		}
		if err != nil {
			break
		}
		if long {
			s.lines++
			s.malformed++
			continue
		}
		s.read(bytes.TrimSuffix(line[:len(line)-1], []byte("\r")))
	}
	s.closeWindows(1 << 62)
	fmt.Fprintf(s.out, "end lines=%d counted=%d duplicate=%d late=%d malformed=%d\n",
		s.lines, s.counted, s.duplicate, s.late, s.malformed)
}

func (s *summary) read(line []byte) {
	if len(line) == 0 {
		return
	}
	s.lines++
	fields := bytes.Split(line, []byte(" "))
	if len(fields) != 5 || !isID(fields[1]) || !isRoute(fields[2]) {
		s.malformed++
		return
	}
	time, ok1 := number(fields[0], 15)
	status, ok2 := number(fields[3], 3)
	ms, ok3 := number(fields[4], 9)
	if !ok1 || !ok2 || !ok3 || status < 100 || status > 599 || len(fields[3]) != 3 {
		s.malformed++
		return
	}
	if s.newest > 0 && time < s.newest-latenessMs {
		s.late++
		return
	}
	start := time - time%windowMs
	w := s.windows[start]
	if w == nil {
		w = &window{seen: map[request]struct{}{}, routes: map[string]*row{}}
		s.windows[start] = w
	}
	key := request{time, string(fields[1])}
	if _, known := w.seen[key]; known {
		s.duplicate++
		return
	}
	w.seen[key] = struct{}{}
	s.counted++
	r := w.routes[string(fields[2])]
	if r == nil {
		r = &row{}
		w.routes[string(fields[2])] = r
	}
	r.durations = append(r.durations, int32(ms))
	if status >= 500 {
		r.errors++
	}
	if time > s.newest {
		s.newest = time
		if time > latenessMs {
			s.closeWindows(time - latenessMs)
		}
	}
}

// closeWindows prints the windows that end at the horizon or before it. Few are open: the lateness is shorter
// than a window.
func (s *summary) closeWindows(horizon uint64) {
	var closed []uint64
	for start := range s.windows {
		if start+windowMs <= horizon {
			closed = append(closed, start)
		}
	}
	slices.Sort(closed)
	for _, start := range closed {
		w := s.windows[start]
		delete(s.windows, start)
		routes := make([]string, 0, len(w.routes))
		for route := range w.routes {
			routes = append(routes, route)
		}
		sort.Strings(routes)
		for _, route := range routes {
			r := w.routes[route]
			slices.Sort(r.durations)
			fmt.Fprintf(s.out, "%d %s count=%d errors=%d p50=%d p95=%d p99=%d\n", start, route, len(r.durations),
				r.errors, percentile(r.durations, 50), percentile(r.durations, 95), percentile(r.durations, 99))
		}
	}
}

// percentile is the nearest rank in whole numbers: ceil(p * n / 100), counted from 1.
func percentile(sorted []int32, percent int) int32 {
	return sorted[(percent*len(sorted)+99)/100-1]
}

func number(text []byte, most int) (uint64, bool) {
	if len(text) == 0 || len(text) > most {
		return 0, false
	}
	var n uint64
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

func isID(text []byte) bool {
	for _, c := range text {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= 40
}

func isRoute(text []byte) bool {
	for _, c := range text {
		if c < '!' || c > '~' {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= 200 && text[0] == '/'
}
