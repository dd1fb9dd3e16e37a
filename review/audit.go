package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Entry is one row of the audit chain: who did what to which object, with the
// hash of what was done and the hash of the row before, so that a change of any
// row shows in every later one.
type Entry struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`  // a person's id, "cli", or "system"
	Action  string    `json:"action"` // "decision.opinion", "standard.saved", ...
	Object  string    `json:"object"`
	Version int       `json:"version"`
	Payload string    `json:"payload"` // hex SHA-256 of what was written
	Prev    string    `json:"prev"`
	Hash    string    `json:"hash"`
}

// EntryFilter selects rows of the audit; empty fields select everything.
type EntryFilter struct {
	Actor   string // a person's id, "cli" or "system"
	Action  string // one of AuditActions of the store
	Object  string
	Dossier uuid.UUID // rows about the dossier and its matches
	From    time.Time // not before
	To      time.Time // before
	Newest  bool      // the latest first; a page then ends before the number it is after
}

// Sealed is the entry with Prev and Hash set: the hash is SHA-256 over the JSON
// of all other fields in the order of the type (RELIABILITY.md 4.9).
func (e Entry) Sealed(prev string) Entry {
	e.Prev, e.Hash = prev, ""
	e.At = e.At.UTC().Truncate(time.Microsecond)
	body, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("an audit entry of plain fields must marshal: %v", err))
	}
	sum := sha256.Sum256(body)
	e.Hash = hex.EncodeToString(sum[:])
	return e
}

// VerifyChain checks that entries follow each other without a gap from the
// given sequence number and hash, and that every hash is right. It returns the
// last hash, or an error that names the first row that is wrong.
func VerifyChain(after int64, prev string, entries []Entry) (string, error) {
	for _, e := range entries {
		after++
		if e.Seq != after {
			return prev, corpus.Refuse(nil, "audit-missing", "audit row {row} is missing", "row", after)
		}
		if e.Prev != prev || e.Sealed(prev).Hash != e.Hash {
			return prev, corpus.Refuse(nil, "audit-changed", "audit row {row} was changed", "row", e.Seq)
		}
		prev = e.Hash
	}
	return prev, nil
}

// PayloadHash is the fingerprint of what an audit entry is about.
func PayloadHash(v any) (string, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("fingerprint for the audit: %w", err)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}
