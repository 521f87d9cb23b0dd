// Plain JavaScript for Node 20: this runs before anything is installed.
import process from 'node:process'

/** Which C library this process uses. The report would otherwise look up every network interface. */
function libcFamily() {
  if (process.platform !== 'linux') return undefined
  process.report.excludeNetwork = true
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
}

/** `{ os, cpu, libc }`, spelled as npm packages spell them. */
export function currentPlatform() {
  return { os: process.platform, cpu: process.arch, libc: libcFamily() }
}

/**
 * A line that says why Parley cannot run here, or `undefined`.
 * @param {{ os: string, cpu: string, libc?: string | undefined }} platform
 * @param {string} nodeVersion
 */
export function unsupported({ os, cpu, libc }, nodeVersion) {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  if (os === 'win32') return 'Parley runs on Linux and macOS: on Windows, use it inside WSL 2'
  if (os !== 'linux' && os !== 'darwin') return `Parley runs on Linux and macOS, not on ${os}`
  if (cpu !== 'x64' && cpu !== 'arm64') return `Parley runs on x64 and arm64, not on ${cpu}`
  if (libc === 'musl') {
    return 'Parley needs glibc (Debian, Ubuntu, Fedora and the like): its sandbox and its PostgreSQL are not built for musl (Alpine)'
  }
  if (os === 'darwin' && (major < 24 || (major === 24 && minor < 7))) {
    return `On macOS Parley uses the system's Node, which must be 24.7 or newer: this is ${nodeVersion}. Get it from https://nodejs.org/en/download or by "brew install node"`
  }
  return undefined
}

/** Whether a package with these `os`, `cpu` and `libc` fields is made for `platform`, by npm's rules. */
export function fits(pkg, platform) {
  return ['os', 'cpu', 'libc'].every((field) => {
    const listed = pkg[field] === undefined ? [] : [pkg[field]].flat()
    const allowed = listed.filter((name) => !name.startsWith('!'))
    const refused = listed.filter((name) => name.startsWith('!')).map((name) => name.slice(1))
    if (refused.includes(platform[field])) return false
    return allowed.length === 0 || allowed.includes('any') || allowed.includes(platform[field])
  })
}
