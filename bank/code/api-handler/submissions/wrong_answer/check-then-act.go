// Mistake: looks for the key under the lock for reading, lets it go to prepare the note, and takes the lock for writing
// to store it. Two retries both find nothing and both create.

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxNoteBytes = 1000
	maxNotes     = 10
	maxKeyBytes  = 64
)

var (
	notePath   = regexp.MustCompile(`^/notes/n([1-9][0-9]{0,14})$`)
	readerPath = regexp.MustCompile(`^/notes/n([1-9][0-9]{0,14})/readers/([a-z0-9-]{1,32})$`)
	idForm     = regexp.MustCompile(`^n([1-9][0-9]{0,14})$`)
	limitForm  = regexp.MustCompile(`^[0-9]{1,3}$`)
)

type Request struct {
	Method  string
	Path    string
	User    string
	Headers map[string]string
	Body    string
}

type Response struct {
	Status  int
	Headers map[string]string
	Body    string
}

type note struct {
	owner   string
	text    string
	html    string
	version int
	readers map[string]bool
}

// userKey is a pair and not a joined text: "a:b" and "c" must not meet "a" and "b:c".
type userKey struct{ user, key string }

type creation struct {
	body     string
	response Response
}

type NotesApi struct {
	// One lock for a whole request: whatever looks and then acts must not be interrupted in between.
	mu      sync.RWMutex
	notes   map[int]*note
	numbers []int // of the notes there are, ascending
	last    int
	created map[userKey]creation
}

func NewNotesApi() *NotesApi {
	return &NotesApi{notes: map[int]*note{}, created: map[userKey]creation{}}
}

func (a *NotesApi) Handle(request Request) Response {
	if request.User == "" {
		return status(401)
	}
	path, query, _ := strings.Cut(request.Path, "?")
	if path == "/notes" {
		switch request.Method {
		case "GET":
			a.mu.RLock()
			defer a.mu.RUnlock()
			return a.list(request, query)
		case "POST":
			return a.create(request)
		}
		return notAllowed("GET, POST")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if match := readerPath.FindStringSubmatch(path); match != nil {
		if request.Method != "PUT" && request.Method != "DELETE" {
			return notAllowed("DELETE, PUT")
		}
		number, _ := strconv.Atoi(match[1])
		n, refused := a.visible(number, request)
		if refused != 0 {
			return status(refused)
		}
		if request.Method == "PUT" {
			n.readers[match[2]] = true
		} else {
			delete(n.readers, match[2])
		}
		return status(204)
	}
	match := notePath.FindStringSubmatch(path)
	if match == nil {
		return status(404)
	}
	if !slices.Contains([]string{"DELETE", "GET", "PUT"}, request.Method) {
		return notAllowed("DELETE, GET, PUT")
	}
	number, _ := strconv.Atoi(match[1])
	n, refused := a.visible(number, request)
	if refused != 0 {
		return status(refused)
	}
	switch request.Method {
	case "GET":
		return read(n, request)
	case "PUT":
		return replace(n, request)
	}
	return a.delete(number, n, request)
}

// visible gives the note, or the status that hides or refuses it.
func (a *NotesApi) visible(number int, request Request) (*note, int) {
	n := a.notes[number]
	if n == nil || !n.readable(request.User) {
		return nil, 404
	}
	if n.owner != request.User && request.Method != "GET" {
		return nil, 403
	}
	return n, 0
}

func (a *NotesApi) list(request Request, query string) Response {
	limit, after, ok := parsePage(query)
	if !ok {
		return status(400)
	}
	var body strings.Builder
	for _, number := range a.numbers {
		if limit == 0 {
			break
		}
		if number > after && a.notes[number].readable(request.User) {
			fmt.Fprintf(&body, "n%d\n", number)
			limit--
		}
	}
	return text(body.String(), nil)
}

func (a *NotesApi) create(request Request) Response {
	if refused := checkText(request.Body); refused != 0 {
		return status(refused)
	}
	key, keyed := header(request, "Idempotency-Key")
	if keyed && (key == "" || len(key) > maxKeyBytes) {
		return status(400)
	}
	a.mu.RLock()
	known, ok := a.created[userKey{request.User, key}]
	a.mu.RUnlock()
	if keyed && ok {
		if known.body != request.Body {
			return status(422)
		}
		return known.response
	}
	html := render(request.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	owned := 0
	for _, n := range a.notes {
		if n.owner == request.User {
			owned++
		}
	}
	if owned >= maxNotes {
		return status(409)
	}
	a.last++
	n := &note{owner: request.User, text: request.Body, html: html, version: 1, readers: map[string]bool{}}
	a.notes[a.last] = n
	a.numbers = append(a.numbers, a.last)
	response := Response{201, map[string]string{"Location": fmt.Sprintf("/notes/n%d", a.last), "ETag": n.tag()}, ""}
	if keyed {
		a.created[userKey{request.User, key}] = creation{request.Body, response}
	}
	return response
}

// render stands for work that one does not want to do under a lock.
func render(text string) string {
	time.Sleep(time.Millisecond)
	return "<p>" + text + "</p>"
}

func read(n *note, request Request) Response {
	if tags, ok := header(request, "If-None-Match"); ok && names(tags, n.tag(), true) {
		return Response{304, map[string]string{"ETag": n.tag()}, ""}
	}
	return text(n.text, map[string]string{"ETag": n.tag()})
}

func replace(n *note, request Request) Response {
	if refused := checkText(request.Body); refused != 0 {
		return status(refused)
	}
	tags, ok := header(request, "If-Match")
	if !ok {
		return status(428)
	}
	if !names(tags, n.tag(), false) {
		return status(412)
	}
	n.text = request.Body
	n.version++
	return Response{204, map[string]string{"ETag": n.tag()}, ""}
}

func (a *NotesApi) delete(number int, n *note, request Request) Response {
	if tags, ok := header(request, "If-Match"); ok && !names(tags, n.tag(), false) {
		return status(412)
	}
	delete(a.notes, number)
	if at, found := slices.BinarySearch(a.numbers, number); found {
		a.numbers = slices.Delete(a.numbers, at, at+1)
	}
	return status(204)
}

func (n *note) tag() string { return `"` + strconv.Itoa(n.version) + `"` }

func (n *note) readable(user string) bool { return n.owner == user || n.readers[user] }

func status(code int) Response { return Response{code, map[string]string{}, ""} }

func notAllowed(methods string) Response {
	return Response{405, map[string]string{"Allow": methods}, ""}
}

func text(body string, headers map[string]string) Response {
	all := map[string]string{"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
	for name, value := range headers {
		all[name] = value
	}
	return Response{200, all, body}
}

func header(request Request, name string) (string, bool) {
	for given, value := range request.Headers {
		if strings.EqualFold(given, name) {
			return value, true
		}
	}
	return "", false
}

func names(tags, tag string, weak bool) bool {
	if strings.TrimSpace(tags) == "*" {
		return true
	}
	for _, one := range strings.Split(tags, ",") {
		one = strings.TrimSpace(one)
		if one == tag || weak && one == "W/"+tag {
			return true
		}
	}
	return false
}

// checkText gives the status that refuses a body, or 0. The length of a string in Go is in bytes.
func checkText(body string) int {
	if len(body) > maxNoteBytes {
		return 413
	}
	if body == "" || strings.ContainsRune(body, 0) {
		return 400
	}
	return 0
}

func parsePage(query string) (limit, after int, ok bool) {
	limit = 20
	seen := map[string]bool{}
	for _, parameter := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		if name != "limit" && name != "after" {
			continue
		}
		if seen[name] {
			return 0, 0, false
		}
		seen[name] = true
		if name == "limit" {
			limit, _ = strconv.Atoi(value)
			if !limitForm.MatchString(value) || limit < 1 || limit > 100 {
				return 0, 0, false
			}
			continue
		}
		match := idForm.FindStringSubmatch(value)
		if match == nil {
			return 0, 0, false
		}
		after, _ = strconv.Atoi(match[1])
	}
	return limit, after, true
}
