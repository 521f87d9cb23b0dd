import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { commandLineOf } from './command-line.fixture.ts'

const home = mkdtempSync(join(tmpdir(), 'parley-trust-'))
const { parley } = commandLineOf(home)
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('parley trust names the file that holds no certificate, and the setting that names none', async () => {
  const broken = join(home, 'broken')
  const file = join(broken, 'tls', 'machine-ca.pem')
  mkdirSync(join(broken, 'tls'), { recursive: true })
  writeFileSync(file, 'broken')
  expect(await parley(['trust', '--data', broken])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^Cannot use \S+machine-ca\.pem \(.*: put the right one back, or/,
    ),
  })
  const own = join(import.meta.dirname, '../../../node_modules/.cache/parley/tls/machine-ca.pem')
  cpSync(own, file)
  for (const setting of ['NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE']) {
    expect(
      await parley(['trust', '--data', broken], '', { CURL_CA_BUNDLE: '', [setting]: home }),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${setting}=${home}: must be a file that can be read`),
    })
  }
})

test('parley trust adds to what is trusted already, each certificate once', async () => {
  const data = join(home, 'data')
  const tls = join(import.meta.dirname, '../../../node_modules/.cache/parley/tls')
  mkdirSync(join(data, 'tls'), { recursive: true })
  cpSync(join(tls, 'machine-ca.pem'), join(data, 'tls', 'machine-ca.pem'))
  const own = readFileSync(join(tls, 'vendor-ca.pem'), 'utf8')
  writeFileSync(join(home, 'company.pem'), own)
  const exported = async (env: Record<string, string>) => {
    const { stdout } = await parley(['trust', '--data', data], '', env)
    const read = (name: string) => new RegExp(`export ${name}="([^"]+)"`).exec(stdout)?.[1] ?? ''
    return { node: read('NODE_EXTRA_CA_CERTS'), curl: read('CURL_CA_BUNDLE') }
  }

  const first = await exported({ NODE_EXTRA_CA_CERTS: join(home, 'company.pem') })
  const machine = readFileSync(join(data, 'tls', 'machine-ca.pem'), 'utf8').trim()
  const trusted = readFileSync(first.node, 'utf8')
  expect(trusted).toContain(own.trim())
  expect(trusted).toContain(machine)
  const bundle = readFileSync(first.curl, 'utf8')
  expect(bundle).toContain(machine)
  expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(10)

  await exported({ NODE_EXTRA_CA_CERTS: first.node, CURL_CA_BUNDLE: first.curl })
  expect(readFileSync(first.node, 'utf8')).toBe(trusted)
  expect(readFileSync(first.curl, 'utf8')).toBe(bundle)
})
