import { expect, test } from 'vitest'
import { type CardMaker, drawCard, wordsOf } from './draw-card.ts'

interface Drawn {
  name: string
  attributes: object
  children: (Drawn | string)[]
}
const make: CardMaker<Drawn>['make'] = (name, attributes, ...children) => ({
  name,
  attributes,
  children,
})
const partsOf = ({ name, attributes, children }: Drawn): object[] => [
  { name, ...attributes },
  ...children.flatMap((child) => (typeof child === 'string' ? [] : partsOf(child))),
]
const link = (uri: string) => ({
  type: 'button',
  title: uri,
  click: { actions: [{ type: 'link' as const, uri }] },
})

test('only links of the allowed schemes can be followed, in buttons and in place of pictures', () => {
  const bad = [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc',
  ]
  const root = {
    type: 'vertical',
    elements: [
      ...bad.map(link),
      ...['https://a.example/', 'tel:+4930', 'mailto:a@b.example'].map(link),
      { type: 'image', url: 'javascript:alert(1)' },
      { type: 'image', url: 'https://a.example/b.png' },
    ],
  }
  const parts = partsOf(drawCard({ make, picture: (words) => words }, root))
  expect(parts.flatMap((part) => ('href' in part ? [part.href] : []))).toEqual([
    'https://a.example/',
    'tel:+4930',
    'mailto:a@b.example',
    'https://a.example/b.png',
  ])
})

test('buttons answer only where somebody may answer', () => {
  const root = { type: 'button', title: 'Yes', click: { actions: [] } }
  expect(partsOf(drawCard({ make, onClick: () => undefined }, root))[1]).toMatchObject({
    name: 'button',
  })
  expect(partsOf(drawCard({ make }, root))[1]).toMatchObject({ name: 'span' })
})

test('the words of a card are the first that stand in it', () => {
  const image = { type: 'image', url: 'https://a.example/b.png' }
  const text = { type: 'text', text: 'Our plans' }
  expect(wordsOf({ type: 'vertical', elements: [image, text] })).toBe('Our plans')
  expect(wordsOf(image)).toBe('')
})
