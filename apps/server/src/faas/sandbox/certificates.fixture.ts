import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestCertificates extends Disposable {
  dir: string
  /** The text of `ca.pem`, or of `<name>.pem` and `<name>.key`. */
  pem(file: string): string
}

/** An authority and certificates that it signed, made by openssl. */
export function makeCertificates(subjects: Record<string, string>): TestCertificates {
  const dir = mkdtempSync(join(tmpdir(), 'parley-test-'))
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test')
  for (const [name, altName] of Object.entries(subjects)) {
    const request = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`]
    openssl('req', ...newKey, ...request, '-addext', `subjectAltName=${altName}`)
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
    const files = ['-in', `${name}.csr`, '-out', `${name}.pem`]
    openssl('x509', '-req', ...files, ...signing, '-copy_extensions', 'copy')
  }
  return {
    dir,
    pem: (file) => readFileSync(join(dir, file), 'utf8'),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  }
}
