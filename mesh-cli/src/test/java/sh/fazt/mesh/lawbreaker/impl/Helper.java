package sh.fazt.mesh.lawbreaker.impl;

record Helper(String help) {}
