package sh.fazt.mesh.lawbreaker.bytes;

import sh.fazt.mesh.lawbreaker.store.Table;

record ImportsStore(Table table) {}
