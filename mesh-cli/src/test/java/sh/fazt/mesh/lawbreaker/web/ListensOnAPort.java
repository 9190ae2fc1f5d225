package sh.fazt.mesh.lawbreaker.web;

import java.net.ServerSocket;

record ListensOnAPort(ServerSocket socket) {}
