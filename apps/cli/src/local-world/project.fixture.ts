import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface GivenFunction {
  code: string
  config?: object
}

/** A project as the published command line lays it out. */
export function givenFolder(functions: Record<string, GivenFunction>, settings?: object) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-project-'))
  // As root, PostgreSQL runs under another user: what that one cannot reach would be kept elsewhere, and left there.
  chmodSync(folder, 0o711)
  for (const [name, { code, config }] of Object.entries(functions)) {
    const own = join(folder, 'functions', name)
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, 'index.js'), code)
    if (config) writeFileSync(join(own, 'config.json'), JSON.stringify(config))
  }
  if (settings) writeFileSync(join(folder, 'functions', 'settings.json'), JSON.stringify(settings))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The same until the test ends. */
export function givenProject(functions: Record<string, GivenFunction>, settings?: object): string {
  const { folder, remove } = givenFolder(functions, settings)
  onTestFinished(remove)
  return folder
}
