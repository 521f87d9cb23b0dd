// npm leaves out of the lockfile what the registry at hand does not offer for other platforms, and
// `npm ci` then refuses that lockfile everywhere. This adds the left-out packages, by their exact version.
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'

const OS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const CPU = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]

interface LockedPackage {
  version?: string
  optionalDependencies?: Record<string, string>
}

/** Platform packages carry their platform in their name: `@deno/linux-arm64-glibc`. */
export function platformOf(name: string) {
  const words = name.split(/[/-]/)
  const os = OS.find((word) => words.includes(word))
  const cpu = CPU.find((word) => words.includes(word))
  if (!os || !cpu) return undefined
  const libc = words.includes('musl') ? 'musl' : /\b(gnu|glibc)$/.test(name) ? 'glibc' : undefined
  return { cpu: [cpu], ...(libc && { libc: [libc] }), optional: true, os: [os] }
}

/** Entries that are missing in a lockfile's `packages`, by path. */
export function missingEntries(packages: Record<string, LockedPackage>) {
  const isPresent = (owner: string, name: string) =>
    packages[`${owner}/node_modules/${name}`] ?? packages[`node_modules/${name}`]
  const missing: Record<string, LockedPackage> = {}
  for (const [owner, pkg] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(pkg.optionalDependencies ?? {})) {
      const platform = platformOf(name)
      if (!platform || isPresent(owner, name)) continue
      missing[`node_modules/${name}`] = { version, ...platform }
    }
  }
  return missing
}

if (import.meta.filename === process.argv[1]) {
  const file = new URL('../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const missing = missingEntries(lock.packages)
  const entries = Object.entries({ ...lock.packages, ...missing })
  lock.packages = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, 'en')))
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`)
  process.stdout.write(`Completed package-lock.json by ${Object.keys(missing).length} packages\n`)
}
