package web

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"concord/review"
)

// proofNote stands beside the rows, for whoever finds the file later.
const proofNote = `This is the whole audit of a Concord database, one JSON object a line in audit.jsonl.
Each row's hash is SHA-256 over the JSON of all its other fields in their order with the
hash of the row before, so that no row can be changed without changing every later one.
proof.json says how many rows there were and the last hash, signed with the server's key
(Ed25519, RFC 8032). Check it without the server:

    concord audit verify FILE --key PUBLIC-KEY

Take the public key from the server's page of the audit, not from this file.
`

// auditProof sends the whole chain with what proves it. Rows that come while it is sent
// are not part of it.
func (s *Server) auditProof(c echo.Context, _ asker) error {
	ctx := c.Request().Context()
	rows, head, err := s.store.AuditHead(ctx)
	if err != nil {
		return fmt.Errorf("read the end of the audit: %w", err)
	}
	p := review.Proof{Format: review.ProofFormat, Database: s.store.Generation(), Rows: rows, Head: head, Made: s.now().UTC()}
	if s.keeper != nil {
		if p, err = s.keeper.Sign(p); err != nil {
			return fmt.Errorf("sign the proof: %w", err)
		}
	}
	h := c.Response().Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", attachment("concord-audit-"+day(s.now())+".zip"))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Response().WriteHeader(http.StatusOK)
	z := zip.NewWriter(c.Response())
	out, err := z.Create(review.ProofRows)
	if err != nil {
		return fmt.Errorf("write the audit: %w", err)
	}
	lines := json.NewEncoder(out)
	for after := int64(0); after < rows; {
		part, err := s.store.AuditWhere(ctx, review.EntryFilter{}, after, auditPerPage*10)
		if err != nil {
			return fmt.Errorf("read the audit chain: %w", err)
		}
		if len(part) == 0 {
			break // the reader finds that rows are missing
		}
		for _, e := range part {
			if after = e.Seq; after > rows {
				break
			}
			if err := lines.Encode(e); err != nil {
				return fmt.Errorf("write the audit: %w", err)
			}
		}
	}
	if out, err = z.Create(review.ProofFile); err == nil {
		err = json.NewEncoder(out).Encode(p)
	}
	if err == nil {
		out, err = z.Create("README.txt")
	}
	if err == nil {
		_, err = io.WriteString(out, proofNote)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("write the proof: %w", err)
	}
	return nil
}
