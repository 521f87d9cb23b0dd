import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface GivenFunction {
  code: string
  config?: object
}

/** A project as the published command line lays it out, until the test ends. */
export function givenProject(functions: Record<string, GivenFunction>, settings?: object): string {
  const project = mkdtempSync(join(tmpdir(), 'parley-project-'))
  onTestFinished(() => rmSync(project, { recursive: true, force: true }))
  for (const [name, { code, config }] of Object.entries(functions)) {
    const folder = join(project, 'functions', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index.js'), code)
    if (config) writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  }
  if (settings) writeFileSync(join(project, 'functions', 'settings.json'), JSON.stringify(settings))
  return project
}
