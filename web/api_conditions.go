package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// gzipFrom is the length in bytes from which answers travel compressed. Shorter ones
// are always the same bytes, so that their ETag is a strong one.
const gzipFrom = 1024

// errUnmet says that a condition of a request does not hold (RFC 9110, section 13).
var errUnmet = errors.New("a condition of the request does not hold")

// unmetError is errUnmet in words that say what to do.
func unmetError(text string) error { return fmt.Errorf("%s: %w", text, errUnmet) }

// The two headers that carry tags of answers.
const (
	headerIfMatch     = "If-Match"
	headerIfNoneMatch = "If-None-Match"
)

// tagOf is the ETag of an answer, weak where the same answer may travel compressed.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	if len(body) >= gzipFrom {
		return "W/" + tag
	}
	return tag
}

// hasTag tells whether a header of a request names a tag. Strongly compared, a weak
// tag is never named (RFC 9110, section 8.8.3.2).
func hasTag(r *http.Request, header, tag string, strong bool) bool {
	for _, have := range strings.Split(strings.Join(r.Header.Values(header), ","), ",") {
		have = strings.TrimSpace(have)
		if !strong {
			have, tag = strings.TrimPrefix(have, "W/"), strings.TrimPrefix(tag, "W/")
		}
		if have == "*" || have == tag && tag != "" && !(strong && strings.HasPrefix(tag, "W/")) {
			return true
		}
	}
	return false
}

// noAnswer is the tag of an address that has nothing to read, as those to which lists
// are sent: no If-Match holds there, not even that of anything.
const noAnswer = "-"

// unmet is what the conditions of a request say against it, nil where they hold or
// none was sent (RFC 9110, sections 13.1.1 and 13.1.2). The tag is that of what a GET
// of the address would answer now: "" for answers without one, or noAnswer. Of GET
// and HEAD, If-None-Match is no condition against the request, see taggedAs.
func unmet(r *http.Request, tag string) error {
	if r.Header.Values(headerIfMatch) != nil {
		switch {
		case tag == noAnswer:
			return unmetError("nothing can be read at this address, so it has no ETag and no If-Match holds: leave the header out")
		case hasTag(r, headerIfMatch, tag, true):
		case tag == "" || strings.HasPrefix(tag, "W/"):
			return unmetError("this answer has no strong ETag, so If-Match holds with * alone: leave the header out, and send If-None-Match to read what changed")
		default:
			return unmetError("the ETag here is now " + tag + ", and If-Match names others: it changed since you read it; read it again, and send that ETag if you still want this")
		}
	}
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !reads && tag != noAnswer && r.Header.Values(headerIfNoneMatch) != nil && hasTag(r, headerIfNoneMatch, tag, false) {
		return unmetError("If-None-Match names what is here now, and this would change it: leave the header out, or send If-Match")
	}
	return nil
}
