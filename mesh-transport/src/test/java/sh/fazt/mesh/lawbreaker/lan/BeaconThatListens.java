package sh.fazt.mesh.lawbreaker.lan;

import java.net.DatagramSocket;

record BeaconThatListens(DatagramSocket socket) {}
