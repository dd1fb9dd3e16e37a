package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// The secrets of second factors are kept sealed with AES-256-GCM under a key that
// is in a file and not in the database, so that a copy of the database alone is no
// second factor. What is kept is "v1.<key>.<nonce and sealed text>": the first
// bytes of the key's digest, which tell a wrong key from a changed row, and base64.
// The person is bound in, so that no row works for somebody else.
const (
	sealedMark = "v1."
	// secondKeyFile is the file's name beside the database.
	secondKeyFile  = "second-factors.key"
	secondKeyBytes = 32
)

// secondCure ends every error about the key.
const secondCure = "put the file back from where you keep it, or reset the second factors (concord user reset-second LOGIN, or the person's page)"

// errSecondKey says on pages that codes cannot be checked; the error around it
// names the file and the cure for who runs the program.
var errSecondKey = corpus.Refuse(review.ErrSecondKey, "second-key", "codes of the app cannot be checked here now; use a recovery code, or ask an administrator")

// secondKey is the key, made when it may be and there is none. Without it the
// error names the file and the cure.
func (db *DB) secondKey(make bool) ([]byte, error) {
	text, err := os.ReadFile(db.keyFile)
	if errors.Is(err, fs.ErrNotExist) && make {
		if err := makeSecondKey(db.keyFile); err != nil {
			return nil, fmt.Errorf("make the key of the second factors %s: %w", db.keyFile, err)
		}
		text, err = os.ReadFile(db.keyFile)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the key of the second factors %s is missing, %s: %w", db.keyFile, secondCure, errSecondKey)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of the second factors: %w: %w", err, errSecondKey)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != secondKeyBytes {
		return nil, fmt.Errorf("the key of the second factors %s is damaged, %s: %w", db.keyFile, secondCure, errSecondKey)
	}
	return key, nil
}

// makeSecondKey makes a key file that is whole from its first moment, readable by
// its owner alone. One that another process made meanwhile stays.
func makeSecondKey(path string) error {
	key := make([]byte, secondKeyBytes)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".concord-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// keyName tells keys apart without giving anything of them away.
func keyName(key []byte) string {
	sum := sha256.Sum256(append([]byte("concord second key\x00"), key...))
	return hex.EncodeToString(sum[:4])
}

// sealer is the cipher and what is bound into a person's sealed secret.
func sealer(key []byte, person uuid.UUID) (cipher.AEAD, []byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	aead, err := cipher.NewGCM(block)
	return aead, []byte("concord second factor v1\x00" + person.String()), err
}

// seal is a secret as it is kept.
func seal(key []byte, person uuid.UUID, secret string) (string, error) {
	aead, bound, err := sealer(key, person)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return sealedMark + keyName(key) + "." + base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(secret), bound)), nil
}

// unseal is the secret of a kept row.
func (db *DB) unseal(person uuid.UUID, kept string) (string, error) {
	key, err := db.secondKey(false)
	if err != nil {
		return "", err
	}
	name, text, _ := strings.Cut(strings.TrimPrefix(kept, sealedMark), ".")
	if name != keyName(key) {
		return "", fmt.Errorf("the second factors were sealed with another key than the one in %s, %s: %w", db.keyFile, secondCure, errSecondKey)
	}
	aead, bound, err := sealer(key, person)
	if err != nil {
		return "", err
	}
	sealed, err := base64.RawStdEncoding.DecodeString(text)
	if err == nil && len(sealed) < aead.NonceSize() {
		err = errors.New("it is too short")
	}
	if err != nil {
		return "", fmt.Errorf("the second factor of %s was changed in the database: %w: %w", person, err, errSecondKey)
	}
	secret, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], bound)
	if err != nil {
		return "", fmt.Errorf("the second factor of %s was changed in the database, reset it: %w", person, errSecondKey)
	}
	return string(secret), nil
}

// keyForNew is the key for a new secret. It is made only while nothing is sealed:
// with a second key the first would be forgotten unseen.
func (db *DB) keyForNew(ctx context.Context, q querier) ([]byte, error) {
	sealed := 0
	if err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM second_factors WHERE secret LIKE 'v1.%'").Scan(&sealed); err != nil {
		return nil, err
	}
	return db.secondKey(sealed == 0)
}

// sealPlain seals the secrets that earlier versions kept as they are, and
// overwrites what was there.
func (db *DB) sealPlain(ctx context.Context) error {
	const plain = " FROM second_factors WHERE secret NOT LIKE 'v1.%'"
	count := 0
	if err := db.writer.QueryRowContext(ctx, "SELECT COUNT(*)"+plain).Scan(&count); err != nil || count == 0 {
		return err
	}
	if _, err := db.writer.ExecContext(ctx, "PRAGMA secure_delete = ON"); err != nil {
		return err
	}
	err := db.write(ctx, "seal the second factors", func(c *changing) error {
		key, err := db.keyForNew(ctx, c.Tx)
		if err != nil {
			return err
		}
		type plainRow struct {
			person uuid.UUID
			secret string
		}
		rows, err := c.QueryContext(ctx, "SELECT person, secret"+plain)
		list, err := collect(rows, err, func(r row) (x plainRow, err error) { return x, r.Scan(idColumn{&x.person}, &x.secret) })
		if err != nil {
			return err
		}
		for _, x := range list {
			sealed, err := seal(key, x.person, x.secret)
			if err != nil {
				return err
			}
			if _, err := c.ExecContext(ctx, "UPDATE second_factors SET secret = $1 WHERE person = $2", sealed, x.person.String()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var busy, pages, done int // the log before has the old rows
	return db.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &done)
}

// checkSecond says whether the sealed second factors can be read.
func (db *DB) checkSecond(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT person, secret FROM second_factors ORDER BY person")
	var said string
	_, err = collect(rows, err, func(row row) (struct{}, error) {
		var person uuid.UUID
		var kept string
		if err := row.Scan(idColumn{&person}, &kept); err != nil {
			return struct{}{}, err
		}
		if !strings.HasPrefix(kept, sealedMark) {
			r.problem("the second factor of %s is not sealed, start the program anew", person)
		} else if _, err := db.unseal(person, kept); err != nil && corpus.Sentence(err, errSecondKey) != said {
			said = corpus.Sentence(err, errSecondKey)
			r.problem("%s", said)
		}
		return struct{}{}, nil
	})
	return err
}

// SecondProblem says what is wrong with the key of the second factors for who
// starts the program, nil when all can be read.
func (db *DB) SecondProblem(ctx context.Context) error {
	r := Report{}
	err := db.read(ctx, "look at the second factors", func(tx *sql.Tx) error { return db.checkSecond(ctx, tx, &r) })
	if err == nil && len(r.Problems) > 0 {
		return errors.New(strings.Join(r.Problems, "; "))
	}
	return err
}
