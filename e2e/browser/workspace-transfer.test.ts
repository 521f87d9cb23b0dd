import { anotherScene, call, givenSkill, openAgentSocket } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, pick } from './console.fixture.ts'
import { takePicture } from './pictures.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, consumerAt, talkAt } from './workspace.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'who transfers sees who is there, with which load, and how many wait, and is not offered to itself',
  async () => {
    const scene = await anotherScene(served.server)
    const [own = '', other = ''] = scene.skillIds
    const lonely = await givenSkill(scene)
    await using colleague = await openAgentSocket(scene, scene.agents[1]!)
    const nickname = 'Nora Lindqvist'
    const change = { nickname, skillIds: [own, other], maxSlots: 3 }
    await call(scene, 'PATCH', `users/${colleague.userId}`, change)
    const { skills } = await call<{ skills: { skillId: string; name: string }[] }>(
      scene,
      'GET',
      'skills',
    )
    const nameOf = (id: string) => skills.find(({ skillId }) => skillId === id)?.name ?? id
    await using talk = await talkAt(served.browser, scene)
    const { page } = talk
    await using waiting = await consumerAt(served.browser, scene, lonely)
    await waiting.write('is nobody there')

    await act(page, 't')
    const dialog = page.getByRole('dialog', { name: 'Transfer this conversation' })
    const list = page.getByRole('listbox')
    await dialog.getByRole('button', { name: /Skill$/ }).press('Enter')
    await list.getByText('Nobody online, 1 waiting').waitFor()
    await takePicture(page, 'workspace-transfer-skills')
    await pick(page, { name: nameOf(lonely) })
    await dialog.getByText(/^Nobody else with this skill is online/).waitFor()

    await dialog.getByRole('button', { name: /Skill$/ }).press('Enter')
    await pick(page, { name: nameOf(own) })
    await dialog.getByRole('button', { name: /Agent$/ }).press('Enter')
    await list.getByText('Offline').waitFor()
    const offered = await list.getByRole('option').allInnerTexts()
    expect(offered).toEqual(['Any agent of the skill', `${nickname}\nOffline`])
    await pick(page, { name: nickname })
    await dialog.getByText(`${nickname} cannot take it now (Offline)`, { exact: false }).waitFor()
    await check(page, 'workspace-transfer-absent')
    await colleague.goOnline()
    await dialog.getByText(`is offered to ${nickname} first`, { exact: false }).waitFor()
    await dialog.getByRole('button', { name: /Agent$/ }).press('Enter')
    await list.getByText('Online, 0 of 3 places taken').waitFor()
    await takePicture(page, 'workspace-transfer-agents')

    // Who is chosen may lose the skill, and a skill may go.
    await page.keyboard.press('Escape')
    await call(scene, 'PATCH', `users/${colleague.userId}`, { skillIds: [other] })
    await dialog.getByText(/^Nobody else with this skill is online/).waitFor()
    await dialog.getByRole('button', { name: /^Any agent of the skill/ }).waitFor()
    await dialog.getByRole('button', { name: /Skill$/ }).press('Enter')
    await pick(page, { name: nameOf(lonely) })
    await waiting[Symbol.asyncDispose]()
    await call(scene, 'DELETE', `skills/${lonely}`)
    await dialog.getByRole('button', { name: new RegExp(`^${nameOf(other)}`) }).waitFor()
  },
)
