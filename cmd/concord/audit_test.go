package main

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/review"
)

// TestAuditVerify signs a proof with the server's key, which stays the same, and checks
// it on the command line.
func TestAuditVerify(t *testing.T) {
	k, _ := careOf(t)
	rows, err := k.store.Audit(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	seq, head, err := k.store.AuditHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.Sign(review.Proof{Format: review.ProofFormat, Database: k.store.Generation(), Rows: seq, Head: head, Made: k.now()})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := k.Sign(review.Proof{}); err != nil || again.Key != p.Key {
		t.Errorf("another key the second time: %v", err)
	}
	if info, err := os.Stat(k.config.signingKey()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	path := filepath.Join(t.TempDir(), "audit.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, values := range map[string]any{review.ProofRows: rows, review.ProofFile: p} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		list, isRows := values.([]review.Entry)
		if !isRows {
			err = json.NewEncoder(w).Encode(values)
		}
		for _, e := range list {
			err = json.NewEncoder(w).Encode(e)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if out := must(t, "audit", "verify", path, "--key", p.Key); !strings.Contains(out, head) || !strings.Contains(out, "signed with "+p.Key) {
		t.Errorf("%s", out)
	}
	if code, _, errs := concord(t, "audit", "verify", path, "--key", strings.Repeat("0", 64)); code == exitOK || !strings.Contains(errs, "not signed with the key") {
		t.Errorf("another key: %d %s", code, errs)
	}
}
