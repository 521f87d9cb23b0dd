import { SMTPServer } from 'smtp-server'

/** Accepts every mail and reports by IPC when as many have come as it was asked to wait for. */
let taken = 0
let awaited = Number.POSITIVE_INFINITY

function look(): void {
  if (taken < awaited) return
  awaited = Number.POSITIVE_INFINITY
  process.send?.({ taken })
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.resume()
    stream.once('end', () => {
      done(null, 'taken')
      taken++
      look()
    })
  },
})
process.on('message', ({ wait }: { wait: number }) => {
  taken = 0
  awaited = wait
})
// A sender that is killed breaks its connections.
server.on('error', () => undefined)
server.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ ready: true }))
