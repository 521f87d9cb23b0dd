import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '@parley/server/config'
import { openContext } from '@parley/server/context'
import { openInspector } from '@parley/server/inspector'
import { systemMonotonic } from '@parley/server/clock'
import { catchMails } from './catch-mails.ts'
import { sharedCache } from './shared-cache.ts'
import { type WorldMessage, WorldRequest, WorldStart } from './world-messages.ts'

/**
 * The process of a local world: a whole server for the `parley` that has started it. It lives as long as the channel to its
 * parent, so that nothing is left when the parent is killed.
 */
const start = WorldStart.parse(JSON.parse(process.argv[2] ?? '{}'))

function tell(message: WorldMessage): void {
  if (process.connected) process.send?.(message)
}

const inspector = openInspector({ monotonic: systemMonotonic() })
process.on('message', (sent) => {
  const request = WorldRequest.parse(sent)
  if (request.kind === 'mails') return tell({ kind: 'mails' })
  const { functionId, sourceUrl, port } = request
  inspector.inspect(functionId, { sourceUrl, port })
  tell({ kind: 'inspecting', functionId })
})

async function openWorld(): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  if (start.isTemporary) {
    opened.defer(() => rmSync(start.dataDir, { recursive: true, force: true }))
  }
  const mails = opened.use(
    await catchMails(join(start.dataDir, 'mails'), (mail) => tell({ kind: 'mail', mail })),
  )
  const config = readConfig({
    PARLEY_PORT: '0',
    PARLEY_TLS_PORT: '0',
    PARLEY_DATA: start.dataDir,
    PARLEY_CLOCK: start.clock,
    PARLEY_SMTP_URL: mails.url,
    PARLEY_LOG_LEVEL: 'warn',
    // All clients of a world have one address.
    PARLEY_CONNECTIONS_PER_ADDRESS: '50000',
    PARLEY_SOCKETS_PER_ADDRESS: '50000',
    PARLEY_SIGN_UPS_PER_MINUTE: '1000000',
    PARLEY_CONVERSATIONS_PER_MINUTE: '1000000',
    // Nobody else is served: a machine that is busy makes its one user wait, and refuses nothing.
    PARLEY_OVERLOAD_MS: '1000000',
  })
  const context = opened.use(
    await openContext(config, {
      inspector,
      cacheDir: sharedCache(start.dataDir),
      drainMs: 2000,
    }),
  )
  tell({ kind: 'ready', port: context.ports.http, tlsPort: context.ports.tls })
  return opened.move()
}

/** As the server says it: a world has no such setting. */
const OTHER_FOLDER = 'set PARLEY_DATA to another folder'

/** The parent decides: a Ctrl-C in its terminal reaches this process, too. */
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
const ended = new Promise<void>((resolve) => {
  process.once('disconnect', resolve)
  process.once('SIGTERM', resolve)
  if (!process.connected) resolve()
})

let code = 0
try {
  await using _world = await openWorld()
  await ended
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  tell({
    kind: 'refused',
    reason: reason.replaceAll(OTHER_FOLDER, 'name another folder by --data'),
  })
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  code = 1
}
process.exit(code)
