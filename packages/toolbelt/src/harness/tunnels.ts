/** What the egress proxy shares with the harness. */
export { Tunnel } from './tunnel.ts'
export { TUNNEL } from './tunnel-frames.ts'
export { openTunnelEnd } from './tunnel-pipe.ts'
