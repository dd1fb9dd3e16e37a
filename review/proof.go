package review

import (
	"archive/zip"
	"bufio"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"concord/corpus"
)

// Proof says how far a chain went when it left: whoever holds it can tell later that a
// row was changed or the end cut off, here and elsewhere.
type Proof struct {
	Format    string    `json:"format"`   // ProofFormat
	Database  string    `json:"database"` // its generation
	Rows      int64     `json:"rows"`
	Head      string    `json:"head"` // hash of the last row
	Made      time.Time `json:"made"`
	Key       string    `json:"key,omitempty"`       // hex of the public key, "" when nobody signed
	Signature string    `json:"signature,omitempty"` // hex, Ed25519 (RFC 8032) over Statement
}

// ProofFormat names the form of a proof, and its files.
const (
	ProofFormat = "concord-audit-1"
	ProofRows   = "audit.jsonl" // an Entry a line
	ProofFile   = "proof.json"
)

// Statement is what is signed.
func (p Proof) Statement() []byte {
	return fmt.Appendf(nil, "%s\n%s\n%d\n%s\n%s\n", p.Format, p.Database, p.Rows, p.Head, p.Made.UTC().Format(time.RFC3339))
}

// Signed is the proof with a signature.
func (p Proof) Signed(key ed25519.PrivateKey) Proof {
	p.Key = hex.EncodeToString(key.Public().(ed25519.PublicKey))
	p.Signature = hex.EncodeToString(ed25519.Sign(key, p.Statement()))
	return p
}

// checkSignature refuses a signature that is not that of the key, or a key that is not
// the one expected; "" expects none in particular.
func (p Proof) checkSignature(expected string) error {
	if expected != "" && p.Key != expected {
		return fmt.Errorf("the proof is not signed with the key %s: %w", expected, corpus.ErrInvalid)
	}
	if p.Key == "" && p.Signature == "" {
		return nil
	}
	key, err := hex.DecodeString(p.Key)
	signature, failed := hex.DecodeString(p.Signature)
	if err != nil || failed != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, p.Statement(), signature) {
		return fmt.Errorf("the signature of the proof is not right: %w", corpus.ErrInvalid)
	}
	return nil
}

// maxProofBytes bounds the proof itself.
const maxProofBytes = 64 << 10

// VerifyProof checks an exported audit without any database: every row, that there are
// as many as the proof says, its last hash and its signature, by the expected public key
// where one is given. The error names what is wrong.
func VerifyProof(file io.ReaderAt, size int64, expected string) (Proof, error) {
	var p Proof
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return p, fmt.Errorf("it is no exported audit: %w", errors.Join(corpus.ErrInvalid, err))
	}
	proof, err := archive.Open(ProofFile)
	if err != nil {
		return p, fmt.Errorf("it has no %s: %w", ProofFile, errors.Join(corpus.ErrInvalid, err))
	}
	defer proof.Close()
	if err := json.NewDecoder(io.LimitReader(proof, maxProofBytes)).Decode(&p); err != nil || p.Format != ProofFormat {
		return p, fmt.Errorf("%s is not of the form %s: %w", ProofFile, ProofFormat, errors.Join(corpus.ErrInvalid, err))
	}
	if err := p.checkSignature(expected); err != nil {
		return p, err
	}
	rows, err := archive.Open(ProofRows)
	if err != nil {
		return p, fmt.Errorf("it has no %s: %w", ProofRows, errors.Join(corpus.ErrInvalid, err))
	}
	defer rows.Close()
	return p, p.checkRows(rows)
}

// checkRows goes through the rows one by one.
func (p Proof) checkRows(rows io.Reader) error {
	d := json.NewDecoder(bufio.NewReader(rows))
	d.DisallowUnknownFields()
	var done int64
	head := ""
	for {
		var e Entry
		err := d.Decode(&e)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("row %d cannot be read: %w", done+1, errors.Join(corpus.ErrInvalid, err))
		}
		if head, err = VerifyChain(done, head, []Entry{e}); err != nil {
			return err
		}
		done++
	}
	if done != p.Rows || head != p.Head {
		return corpus.Refuse(corpus.ErrInvalid, "audit-short", "the audit ends at row {row}, but row {written} was written", "row", done, "written", p.Rows)
	}
	return nil
}
