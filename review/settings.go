package review

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"concord/corpus"
)

// Settings is what administrators set for everybody.
type Settings struct {
	// Notice stands on the page where people sign in, Banner above every page, each in
	// the languages it was written in.
	Notice map[string]string `json:"notice,omitempty"`
	Banner map[string]string `json:"banner,omitempty"`
	// Languages are those that pages are offered in; none means all there are.
	Languages []string `json:"languages,omitempty"`
	// BackupHours is how often a backup is written and tried by itself, 0 for never;
	// BackupKeep how many stay, 0 for all.
	BackupHours int `json:"backupHours,omitempty"`
	BackupKeep  int `json:"backupKeep,omitempty"`
	// TwoPreferred is since when a term that somebody proposes as preferred counts only
	// once a second person confirmed it; zero where one person is enough.
	TwoPreferred time.Time `json:"twoPreferred,omitzero"`
}

// Limits of the settings (our own).
const (
	MaxNoticeRunes = 1000
	MaxBackupHours = 24 * 31
	MaxBackupKeep  = 1000
)

// InLanguage is a text in the language asked for, else in the first of the others that has
// one, and the language it is in; "" when there is none.
func InLanguage(texts map[string]string, tag string, others ...string) (text, in string) {
	for _, one := range append([]string{tag}, others...) {
		if texts[one] != "" {
			return texts[one], one
		}
	}
	return "", ""
}

// Checked is the settings as they may be kept, or what is wrong with them: a text that
// is too long, a language that pages do not have, a number out of bounds.
func (s Settings) Checked(tags []string) (Settings, error) {
	for _, texts := range []map[string]string{s.Notice, s.Banner} {
		for tag, text := range texts {
			if texts[tag] = strings.TrimSpace(text); texts[tag] == "" {
				delete(texts, tag)
			}
			if utf8.RuneCountInString(text) > MaxNoticeRunes || !slices.Contains(tags, tag) {
				return s, corpus.Refuse(corpus.ErrInvalid, "settings-text", "a notice has at most {most} characters in a language of the pages", "most", MaxNoticeRunes)
			}
		}
	}
	for _, tag := range s.Languages {
		if !slices.Contains(tags, tag) {
			return s, corpus.Refuse(corpus.ErrInvalid, "no-language", "there are no pages in the language \"{value}\"", "value", tag[:min(len(tag), 20)])
		}
	}
	if s.BackupHours < 0 || s.BackupHours > MaxBackupHours || s.BackupKeep < 0 || s.BackupKeep > MaxBackupKeep {
		return s, corpus.Refuse(corpus.ErrInvalid, "settings-backup", "backups come every 0 to {hours} hours, and 0 to {keep} of them stay", "hours", MaxBackupHours, "keep", MaxBackupKeep)
	}
	return s, nil
}

// Backup is a copy of the database that the program wrote.
type Backup struct {
	File     string // its name in the folder of backups
	At       time.Time
	Bytes    int64
	Rows     int64     // audit rows it holds
	Tested   time.Time // of the last trial restore, zero for none
	Problems int       // that it found
}

// Due tells whether the next backup by itself is to be written.
func (s Settings) Due(last, now time.Time) bool {
	return s.BackupHours > 0 && !now.Before(last.Add(time.Duration(s.BackupHours)*time.Hour))
}

// Old are the backups that no longer stay, of a list with the newest first. The newest
// one whose trial found nothing always stays, so that there is one to go back to.
func (s Settings) Old(all []Backup) []Backup {
	if s.BackupKeep <= 0 || len(all) <= s.BackupKeep {
		return nil
	}
	good := slices.IndexFunc(all, func(b Backup) bool { return !b.Tested.IsZero() && b.Problems == 0 })
	var out []Backup
	for i, b := range all[s.BackupKeep:] {
		if i+s.BackupKeep != good {
			out = append(out, b)
		}
	}
	return out
}
