// Written by Spar from the item's signature: reads calls as lines of JSON and makes them on the type of main.go.
// The program's own standard input and output are set aside, so that fmt.Println is a log. All names begin with
// spar, so that they are in nobody's way.
package main

import (
	sparBufio "bufio"
	sparJSON "encoding/json"
	sparErrors "errors"
	sparFmt "fmt"
	sparMath "math"
	sparOS "os"
	sparDebug "runtime/debug"
	sparStrconv "strconv"
	sparSync "sync"
	sparSyscall "syscall"
	sparTime "time"
	sparUTF8 "unicode/utf8"
	sparUnsafe "unsafe"
)

const (
	sparConcurrent = @CONCURRENT@
	sparBig        = 1 << 53 // beyond this, whole numbers travel as text
	sparMaxTraces  = 8       // more of them would fill the log
	sparMaxError   = 2000
)

type sparRaw = sparJSON.RawMessage

type sparLine struct {
	ID   *int64    `json:"id"`
	Op   *string   `json:"op"`
	Args []sparRaw `json:"args"`
	C    *int64    `json:"c"`
}

// sparPrepared is a call with its arguments read: run makes it, encode appends its result.
type sparPrepared struct {
	run    func()
	encode func([]byte) ([]byte, error)
}

func sparNothing(out []byte) ([]byte, error) { return append(out, "null"...), nil }

func sparCount(op string, args []sparRaw, want int) error {
	if len(args) == want {
		return nil
	}
	return sparFmt.Errorf("%s takes %d arguments, not %d", op, want, len(args))
}

func sparNull(raw sparRaw) bool { return len(raw) == 0 || string(raw) == "null" }

func sparDecInt(raw sparRaw) (int, error) {
	text := string(raw)
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	value, err := sparStrconv.ParseInt(text, 10, 64)
	return int(value), err
}

func sparDecFloat(raw sparRaw) (float64, error) { return sparStrconv.ParseFloat(string(raw), 64) }

func sparDecStr(raw sparRaw) (string, error) {
	var value string
	err := sparJSON.Unmarshal(raw, &value)
	return value, err
}

func sparDecBool(raw sparRaw) (bool, error) {
	var value bool
	err := sparJSON.Unmarshal(raw, &value)
	return value, err
}

func sparDecOptional[T interface{}](inner func(sparRaw) (T, error)) func(sparRaw) (*T, error) {
	return func(raw sparRaw) (*T, error) {
		if sparNull(raw) {
			return nil, nil
		}
		value, err := inner(raw)
		return &value, err
	}
}

func sparDecList[T interface{}](inner func(sparRaw) (T, error)) func(sparRaw) ([]T, error) {
	return func(raw sparRaw) ([]T, error) {
		var parts []sparRaw
		if err := sparJSON.Unmarshal(raw, &parts); err != nil {
			return nil, err
		}
		values := make([]T, 0, len(parts))
		for _, part := range parts {
			value, err := inner(part)
			if err != nil {
				return nil, err
			}
			values = append(values, value)
		}
		return values, nil
	}
}

func sparDecMap[T interface{}](inner func(sparRaw) (T, error)) func(sparRaw) (map[string]T, error) {
	return func(raw sparRaw) (map[string]T, error) {
		var parts map[string]sparRaw
		if err := sparJSON.Unmarshal(raw, &parts); err != nil {
			return nil, err
		}
		values := make(map[string]T, len(parts))
		for key, part := range parts {
			value, err := inner(part)
			if err != nil {
				return nil, err
			}
			values[key] = value
		}
		return values, nil
	}
}

func sparEncInt(out []byte, value int) ([]byte, error) {
	if value > -sparBig && value < sparBig {
		return sparStrconv.AppendInt(out, int64(value), 10), nil
	}
	return append(sparStrconv.AppendInt(append(out, '"'), int64(value), 10), '"'), nil
}

func sparEncFloat(out []byte, value float64) ([]byte, error) {
	if sparMath.IsNaN(value) || sparMath.IsInf(value, 0) {
		return out, sparFmt.Errorf("%v cannot be an answer", value)
	}
	return sparStrconv.AppendFloat(out, value, 'g', -1, 64), nil
}

func sparEncStr(out []byte, value string) ([]byte, error) {
	if !sparUTF8.ValidString(value) {
		return out, sparErrors.New("a text of the answer is not UTF-8")
	}
	text, err := sparJSON.Marshal(value)
	return append(out, text...), err
}

func sparEncBool(out []byte, value bool) ([]byte, error) {
	return sparStrconv.AppendBool(out, value), nil
}

func sparEncOptional[T interface{}](inner func([]byte, T) ([]byte, error)) func([]byte, *T) ([]byte, error) {
	return func(out []byte, value *T) ([]byte, error) {
		if value == nil {
			return append(out, "null"...), nil
		}
		return inner(out, *value)
	}
}

func sparEncList[T interface{}](inner func([]byte, T) ([]byte, error)) func([]byte, []T) ([]byte, error) {
	return func(out []byte, values []T) ([]byte, error) {
		var err error
		out = append(out, '[')
		for i, value := range values {
			if i > 0 {
				out = append(out, ',')
			}
			if out, err = inner(out, value); err != nil {
				return out, err
			}
		}
		return append(out, ']'), nil
	}
}

func sparEncMap[T interface{}](inner func([]byte, T) ([]byte, error)) func([]byte, map[string]T) ([]byte, error) {
	return func(out []byte, values map[string]T) ([]byte, error) {
		var err error
		out = append(out, '{')
		first := true
		for key, value := range values {
			if !first {
				out = append(out, ',')
			}
			first = false
			if out, err = sparEncStr(out, key); err != nil {
				return out, err
			}
			if out, err = inner(append(out, ':'), value); err != nil {
				return out, err
			}
		}
		return append(out, '}'), nil
	}
}

// Fields of a record by name; a record that is null has none.
func sparFields(raw sparRaw) (map[string]sparRaw, error) {
	var fields map[string]sparRaw
	err := sparJSON.Unmarshal(raw, &fields)
	return fields, err
}

@RECORDS@
var sparMade *@CLASS@

func sparPrepare(op string, args []sparRaw) (*sparPrepared, error) {
	if op != "init" && sparMade == nil {
		return nil, sparErrors.New("the class was not made")
	}
	switch op {
@OPS@	}
	return nil, sparFmt.Errorf("there is no operation `%s`", op)
}

var (
	sparOut     *sparOS.File
	sparWriting sparSync.Mutex
	sparTraces  int
	sparBegan   sparTime.Time
	sparZero    int64
)

func sparSend(line []byte) {
	sparWriting.Lock()
	defer sparWriting.Unlock()
	if _, err := sparOut.Write(append(line, '\n')); err != nil {
		sparOS.Exit(1)
	}
}

func sparNow() int64 { return sparZero + int64(sparTime.Since(sparBegan)) }

// sparClock ties Go's monotonic clock to the one of the system, which the judge reads too.
func sparClock() {
	var spec sparSyscall.Timespec
	const monotonic = 1
	sparBegan = sparTime.Now()
	sparSyscall.Syscall(sparSyscall.SYS_CLOCK_GETTIME, monotonic, uintptr(sparUnsafe.Pointer(&spec)), 0)
	sparZero = spec.Nano()
}

func sparErrText(out []byte, text string) []byte {
	if len(text) > sparMaxError {
		text = text[:sparMaxError]
	}
	quoted, _ := sparJSON.Marshal(text)
	return append(append(out, `"err":`...), quoted...)
}

// sparRun makes a call; a panic comes back as text.
func sparRun(call *sparPrepared) (failed *string, began int64, ended int64) {
	defer func() {
		if reason := recover(); reason != nil {
			ended = sparNow()
			text := sparFmt.Sprint(reason)
			failed = &text
			sparWriting.Lock()
			sparTraces++
			tell := sparTraces <= sparMaxTraces
			sparWriting.Unlock()
			if tell {
				sparFmt.Fprintf(sparOS.Stderr, "panic: %s\n%s\n", text, sparDebug.Stack())
			}
		}
	}()
	began = sparNow()
	call.run()
	ended = sparNow()
	return
}

func sparReply(out []byte, call *sparPrepared, failed *string) []byte {
	if failed != nil {
		return sparErrText(out, *failed)
	}
	whole, err := call.encode(append(out, `"ok":`...))
	if err != nil {
		return sparErrText(out, err.Error())
	}
	return whole
}

func sparHead(id int64) []byte {
	return append(sparStrconv.AppendInt([]byte(`{"id":`), id, 10), ',')
}

func sparCall(line *sparLine) {
	out := sparHead(*line.ID)
	call, err := sparPrepare(*line.Op, line.Args)
	if err != nil {
		sparSend(append(sparErrText(out, err.Error()), '}'))
		return
	}
	failed, _, _ := sparRun(call)
	sparSend(append(sparReply(out, call, failed), '}'))
}

type sparDone struct {
	call         *sparPrepared
	failed       *string
	began, ended int64
}

func sparScripts(args []sparRaw) ([][]*sparPrepared, error) {
	scripts := make([][]*sparPrepared, len(args))
	for i, raw := range args {
		var calls []sparLine
		if err := sparJSON.Unmarshal(raw, &calls); err != nil {
			return nil, err
		}
		for _, one := range calls {
			if one.Op == nil {
				return nil, sparErrors.New("a call without an operation")
			}
			call, err := sparPrepare(*one.Op, one.Args)
			if err != nil {
				return nil, err
			}
			scripts[i] = append(scripts[i], call)
		}
	}
	return scripts, nil
}

func sparPar(line *sparLine) {
	out := sparHead(*line.ID)
	scripts, err := sparScripts(line.Args)
	if err != nil {
		sparSend(append(sparErrText(out, err.Error()), '}'))
		return
	}
	done := make([][]sparDone, len(scripts))
	var ready, finished sparSync.WaitGroup
	ready.Add(len(scripts))
	finished.Add(len(scripts))
	start := make(chan struct{})
	for i := range scripts {
		go func(i int) {
			defer finished.Done()
			ready.Done()
			<-start
			for _, call := range scripts[i] {
				failed, began, ended := sparRun(call)
				done[i] = append(done[i], sparDone{call, failed, began, ended})
			}
		}(i)
	}
	ready.Wait()
	close(start)
	finished.Wait()
	encode := sparEncList(sparEncList(func(out []byte, one sparDone) ([]byte, error) {
		out = append(sparReply(append(out, "[{"...), one.call, one.failed), "},"...)
		out = append(sparStrconv.AppendInt(out, one.began, 10), ',')
		return append(sparStrconv.AppendInt(out, one.ended, 10), ']'), nil
	}))
	out, _ = encode(append(out, `"ok":`...), done)
	sparSend(append(out, '}'))
}

// sparQueue holds the calls of one client, however many.
type sparQueue struct {
	lock   sparSync.Mutex
	filled *sparSync.Cond
	lines  []*sparLine
}

func (queue *sparQueue) put(line *sparLine) {
	queue.lock.Lock()
	queue.lines = append(queue.lines, line)
	queue.lock.Unlock()
	queue.filled.Signal()
}

func (queue *sparQueue) work(finished *sparSync.WaitGroup) {
	defer finished.Done()
	for {
		queue.lock.Lock()
		for len(queue.lines) == 0 {
			queue.filled.Wait()
		}
		line := queue.lines[0]
		queue.lines = queue.lines[1:]
		queue.lock.Unlock()
		if line == nil {
			return
		}
		sparCall(line)
	}
}

func sparStart() *sparBufio.Reader {
	out, err := sparSyscall.Dup(1)
	in, err2 := sparSyscall.Dup(0)
	if err != nil || err2 != nil {
		sparOS.Exit(1)
	}
	sparSyscall.CloseOnExec(out)
	sparSyscall.CloseOnExec(in)
	sparSyscall.Dup3(2, 1, 0)
	if null, err := sparSyscall.Open("/dev/null", sparSyscall.O_RDONLY|sparSyscall.O_CLOEXEC, 0); err == nil {
		sparSyscall.Dup3(null, 0, 0)
	}
	sparOut = sparOS.NewFile(uintptr(out), "answers")
	return sparBufio.NewReaderSize(sparOS.NewFile(uintptr(in), "calls"), 1<<16)
}

func main() {
	input := sparStart()
	sparClock()
	clients := map[int64]*sparQueue{}
	var finished sparSync.WaitGroup
	for {
		text, err := input.ReadBytes('\n')
		if err != nil {
			break
		}
		line := &sparLine{}
		if !sparUTF8.Valid(text) || sparJSON.Unmarshal(text, line) != nil || line.ID == nil || line.Op == nil || line.Args == nil {
			sparSend([]byte(`{"id":null,"err":"bad line"}`))
			continue
		}
		switch {
		case *line.Op == "@par":
			sparPar(line)
		case sparConcurrent && line.C != nil:
			queue := clients[*line.C]
			if queue == nil {
				queue = &sparQueue{}
				queue.filled = sparSync.NewCond(&queue.lock)
				clients[*line.C] = queue
				finished.Add(1)
				go queue.work(&finished)
			}
			queue.put(line)
		default:
			sparCall(line)
		}
	}
	for _, queue := range clients {
		queue.put(nil)
	}
	finished.Wait()
	sparOS.Exit(0)
}
