import WebSocket from 'ws'

/** The socket of `ws` takes less of the machine than the global one, and leaves more to what is measured. */
export function connectWs(address: string): WebSocket {
  return new WebSocket(address, { perMessageDeflate: false })
}
