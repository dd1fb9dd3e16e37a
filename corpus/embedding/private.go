package embedding

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// errPublic says that texts would leave the private network.
var errPublic = errors.New("this address is not of a private network, and texts of standards do not leave for others unless that is allowed (--embeddings-anywhere)")

// dialer connects to loopback and private addresses, to others only where that is
// allowed. It looks at the address that a name led to, at every connection, so
// that a name cannot lead elsewhere later.
func dialer(anywhere bool) *net.Dialer {
	d := &net.Dialer{Timeout: 10 * time.Second}
	if anywhere {
		return d
	}
	d.Control = func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %s", errPublic, address)
		}
		if ip := at.Addr().Unmap(); !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() {
			return fmt.Errorf("%w: %s", errPublic, ip)
		}
		return nil
	}
	return d
}
