package sh.fazt.mesh.lawbreaker.output;

import sh.fazt.mesh.lawbreaker.commands.Status;

record ImportsCommands(Status status) {}
