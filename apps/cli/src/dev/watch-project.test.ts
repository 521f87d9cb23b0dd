import { rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { givenProject } from '../local-world/project.fixture.ts'
import { watchProject } from './watch-project.ts'

test('what is saved is heard also where the folder of the functions was made anew', async () => {
  const folder = givenProject({ greet: { code: '1' }, welcome: { code: '1' } })
  const other = givenProject({ greet: { code: '2' } })
  const heard: string[] = []
  await using _watcher = watchProject(
    folder,
    {
      saved: async (name) => void heard.push(`saved ${name}`),
      removed: async (name) => void heard.push(`removed ${name}`),
      settingsSaved: async () => void heard.push('settings'),
    },
    Promise.resolve(),
  )
  const functions = join(folder, 'functions')
  rmSync(functions, { recursive: true })
  await cp(join(other, 'functions'), functions, { recursive: true })
  await expect.poll(() => heard).toContain('removed welcome')
  expect(heard).toContain('saved greet')

  const before = heard.length
  writeFileSync(join(functions, 'greet', 'index.js'), '3')
  await expect.poll(() => heard.slice(before)).toContain('saved greet')
})
