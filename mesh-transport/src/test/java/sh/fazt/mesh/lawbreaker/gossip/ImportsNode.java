package sh.fazt.mesh.lawbreaker.gossip;

import sh.fazt.mesh.lawbreaker.node.SpeaksNetty;

record ImportsNode(SpeaksNetty node) {}
