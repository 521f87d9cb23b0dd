// tries: to send datagrams with the API of the runtime
// must: refused
async function lambda() {
  try {
    const socket = Deno.listenDatagram({ port: 0, transport: 'udp' })
    return { escaped: [await socket.send(new Uint8Array(1), { transport: 'udp', hostname: '127.0.0.1', port: 53 })] }
  } catch {
    return { escaped: [] }
  }
}
