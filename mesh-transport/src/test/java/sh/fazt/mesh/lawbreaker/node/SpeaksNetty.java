package sh.fazt.mesh.lawbreaker.node;

import io.netty.buffer.ByteBuf;

public record SpeaksNetty(ByteBuf buffer) {}
