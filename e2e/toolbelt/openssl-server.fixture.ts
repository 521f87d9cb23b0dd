import { spawn } from 'node:child_process'
import { PATIENCE_MS } from '../live/eventually.ts'
import type { TestCertificates } from '../../apps/server/src/faas/sandbox/certificates.fixture.ts'

export interface OpensslServer extends Disposable {
  port: number
  /** The request that comes next, with its head and body, after it was answered with `status` and `body`. */
  answerNext(status: string, body: string): Promise<string>
}

/** openssl as a server that wants a certificate of its clients; what it answers is typed in, as at a terminal. */
export async function openOpensslServer({ dir }: TestCertificates): Promise<OpensslServer> {
  const own = ['-cert', 'server.pem', '-key', 'server.key', '-CAfile', 'ca.pem']
  const demands = ['-Verify', '1', '-verify_return_error']
  const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...own, ...demands], {
    cwd: dir,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
  child.stdin.on('error', () => undefined)

  async function waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    for (;;) {
      const found = pattern.exec(output)
      if (found) return found
      await new Promise<void>((resolve, reject) => {
        child.stdout.once('data', () => resolve())
        signal.addEventListener('abort', () => reject(new Error(`Not found in: ${output}`)))
      })
    }
  }

  const [, port] = await waitFor(/ACCEPT 127\.0\.0\.1:(\d+)/)
  return {
    port: Number(port),
    async answerNext(status, body) {
      const [head] = await waitFor(/^[A-Z]+ \/\S* HTTP\/1\.1\r\n[^]*?\r\n\r\n/m)
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
      const [request] = await waitFor(
        new RegExp(`[A-Z]+ /\\S* HTTP/1\\.1\\r\\n[^]*?\\r\\n\\r\\n[^]{${length}}`),
      )
      output = ''
      child.stdin.write(
        `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      )
      return request
    },
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  }
}
