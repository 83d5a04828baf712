package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;
import java.net.URI;

/** Something the master knows of this node, and must be told again once it was restarted. */
interface Registration {
  void register(MasterClient master, URI slave) throws IOException;

  void unregister(MasterClient master, URI slave) throws IOException;
}
