package sh.fazt.mesh.lawbreaker.wire;

import sh.fazt.mesh.lawbreaker.Facade;

record ImportsRoot(Facade facade) {}
