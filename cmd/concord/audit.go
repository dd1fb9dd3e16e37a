package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"concord/corpus"
	"concord/review"
)

var auditCommand = command{
	name: "audit", args: "verify FILE",
	summary: "check an exported audit, without any database",
	example: "concord audit verify concord-audit-2026-11-27.zip --key 3b6a27bc...",
	run:     runAudit,
}

func runAudit(_ context.Context, e env, args []string) error {
	fs := e.flags()
	key := fs.String("key", "", "public `key` that must have signed it, from the server's page of the audit")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(words) != 2 || words[0] != "verify" {
		return usage("verify FILE")
	}
	f, err := os.Open(words[1])
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	p, err := review.VerifyProof(f, info.Size(), *key)
	if err != nil {
		return fmt.Errorf("%s: %w", words[1], err)
	}
	signed := "nobody signed it"
	if p.Key != "" {
		signed = "signed with " + p.Key
	}
	if p.Key != "" && *key == "" {
		signed += "; whose key that is only --key tells"
	}
	fmt.Fprintf(e.stdout, "%d rows follow each other up to %s, of %s; %s\n", p.Rows, p.Head, p.Made.Format(time.RFC3339), signed)
	return nil
}

// signingKey reads the key that proofs of the audit are signed with, and makes it when
// it is first needed. No backup holds it.
func (k *keeper) signingKey() (ed25519.PrivateKey, error) {
	path := k.config.signingKey()
	body, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("make the key of the audit: %w", err)
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, fmt.Errorf("make the key of the audit: %w", err)
		}
		_, err = fmt.Fprintln(f, hex.EncodeToString(key.Seed()))
		if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
			return nil, fmt.Errorf("make the key of the audit: %w", err)
		}
		return key, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of the audit: %w", err)
	}
	seed, err := hex.DecodeString(strings.TrimSpace(string(body)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s is no key of the audit: %w", path, corpus.ErrInvalid)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Sign signs a proof of the audit.
func (k *keeper) Sign(p review.Proof) (review.Proof, error) {
	k.signing.Lock()
	defer k.signing.Unlock()
	key, err := k.signingKey()
	if err != nil {
		return p, err
	}
	return p.Signed(key), nil
}
