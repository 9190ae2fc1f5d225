package sh.fazt.mesh.lawbreaker.commands;

public record Status(String line) {}
