package review

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// packedProof is an exported audit of some rows.
func packedProof(t *testing.T, p Proof, rows []Entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(ProofRows)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range rows {
		if err := json.NewEncoder(w).Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	if w, err = z.Create(ProofFile); err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(w).Encode(p); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestProofFindsEveryChange alters an exported audit in 300 ways: each is found, and
// nothing is found in the audit as it was.
func TestProofFindsEveryChange(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var rows []Entry
	prev := ""
	for i := range 60 {
		e := Entry{Seq: int64(i + 1), At: at.Add(time.Duration(i) * time.Second), Actor: fmt.Sprint("person", i%3), Action: "decision.opinion", Object: fmt.Sprint("match", i), Version: i, Payload: "ab"}.Sealed(prev)
		prev = e.Hash
		rows = append(rows, e)
	}
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := Proof{Format: ProofFormat, Database: "db", Rows: 60, Head: prev, Made: at}
	signed := whole.Signed(key)
	verify := func(p Proof, rows []Entry, expected string) error {
		body := packedProof(t, p, rows)
		_, err := VerifyProof(bytes.NewReader(body), int64(len(body)), expected)
		return err
	}
	for name, p := range map[string]Proof{"unsigned": whole, "signed": signed} {
		if err := verify(p, rows, ""); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if err := verify(signed, rows, fmt.Sprintf("%x", []byte(public))); err != nil {
		t.Error(err)
	}
	if verify(signed, rows, strings.Repeat("0", 64)) == nil || verify(whole, rows, strings.Repeat("0", 64)) == nil {
		t.Error("another key, or none, passes for the one expected")
	}
	random := rand.New(rand.NewPCG(1, 2))
	reseal := func(all []Entry) {
		prev := ""
		for i := range all {
			all[i] = all[i].Sealed(prev)
			prev = all[i].Hash
		}
	}
	for i := range 300 {
		all := slices.Clone(rows)
		at, how := random.IntN(len(all)-1), ""
		switch i % 7 {
		case 0:
			how, all[at].Actor = "another actor", "somebody"
		case 1:
			how, all = "a row less", slices.Delete(all, at, at+1)
		case 2:
			how, all = "a row more", slices.Insert(all, at, all[at])
		case 3:
			how, all[at], all[at+1] = "two rows swapped", all[at+1], all[at]
		case 4:
			how, all[at].Object = "a row sealed anew", "other"
			all[at] = all[at].Sealed(all[at].Prev)
		case 5:
			how, all = "the end cut off", all[:at]
		case 6:
			how, all[at].Object = "all sealed anew", "other"
			reseal(all)
		}
		if verify(signed, all, "") == nil {
			t.Errorf("%s at %d is not found", how, at)
		}
	}
	for name, p := range map[string]Proof{
		"fewer rows": {ProofFormat, "db", 59, rows[58].Hash, at, signed.Key, signed.Signature}, "another time": {ProofFormat, "db", 60, prev, at.Add(time.Hour), signed.Key, signed.Signature},
		"another database": {ProofFormat, "x", 60, prev, at, signed.Key, signed.Signature}, "half a signature": {ProofFormat, "db", 60, prev, at, signed.Key, ""}, "another form": {"x", "db", 60, prev, at, "", ""},
	} {
		if verify(p, rows[:p.Rows], "") == nil {
			t.Errorf("a proof of %s passes", name)
		}
	}
	if _, err := VerifyProof(strings.NewReader("hello"), 5, ""); err == nil {
		t.Error("a text passes for an exported audit")
	}
}
