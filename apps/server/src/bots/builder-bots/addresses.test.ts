import type { BotImport } from '@parley/contract'
import { expect, test } from 'vitest'
import { anotherScene, call, startHttpSite, startTestServer } from '#testing'
import { botOf, ruleTo, starterStep, textStep } from './builder-bots.fixture.ts'

test('what a consumer says is one value in the addresses of a bot, whatever signs it has', async () => {
  const asked: (string | undefined)[] = []
  await using site = await startHttpSite((request, answer) => {
    asked.push(request.url)
    answer.end('{}')
  })
  await using server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: site.host } })
  const scene = await anotherScene(server)
  const tile = {
    title: 'Found',
    image: 'https://shop.example/{$userMessage}.png',
    buttons: [
      { name: 'Search', type: 'web_url', callback: 'https://shop.example/?q={$userMessage}' },
    ],
  }
  const file = botOf(
    [
      starterStep('*', 'ask'),
      {
        id: 'ask',
        interactionType: 'API_INTEGRATION',
        content: { responderName: 'search' },
        responseMatches: [ruleTo('found')],
      },
      {
        id: 'found',
        interactionType: 'BUTTON',
        content: { results: { tile: { tileData: [tile] } } },
        responseMatches: [ruleTo('again')],
      },
      {
        id: 'again',
        interactionType: 'API_INTEGRATION',
        content: { responderName: 'whole' },
        responseMatches: [ruleTo('end')],
      },
      textStep('end', 'That is all'),
    ],
    {
      responder: [
        {
          id: 'r1',
          name: 'search',
          webhook: `${site.origin}/users/{$userMessage}/orders?q={$userMessage}&limit=5`,
        },
        { id: 'r2', name: 'whole', webhook: '{$userMessage}' },
      ],
    },
  )
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)
  const say = (message: string) =>
    call<{ outputs: { content?: object }[] }>(scene, 'POST', `bots/${botId}/talk`, { message })

  const line = 'R&D/50% #1 + ü?'
  const { outputs } = await say(line)
  const value = encodeURIComponent(line)
  expect(asked).toEqual([`/users/${value}/orders?q=${value}&limit=5`])
  expect(outputs).toContainEqual(
    expect.objectContaining({
      content: {
        type: 'vertical',
        elements: [
          { type: 'image', url: `https://shop.example/${value}.png` },
          { type: 'text', text: 'Found' },
          expect.objectContaining({
            click: {
              actions: [{ type: 'link', name: 'Search', uri: `https://shop.example/?q=${value}` }],
            },
          }),
        ],
      },
    }),
  )

  asked.length = 0
  await say(`${site.origin}/whole?a=1&b=2`)
  expect(asked.at(-1)).toBe('/whole?a=1&b=2')
})
