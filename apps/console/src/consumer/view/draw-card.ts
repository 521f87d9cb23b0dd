import type { RichAction, RichElement } from '../content.ts'

/** What elements of cards are made with, as far as Preact and React agree. */
interface Attributes {
  className?: string
  title?: string
  href?: string
  target?: string
  rel?: string
  type?: 'button'
  role?: 'group'
  tabIndex?: number
  src?: string
  alt?: string
  loading?: 'lazy'
  onClick?: () => void
}

export interface CardMaker<Node> {
  make: (name: string, attributes: Attributes, ...children: (Node | string)[]) => Node
  /** For buttons that answer; links and maps open by themselves. Without it nothing answers: their words are shown. */
  onClick?: (element: RichElement) => void
  /** What is shown in place of a picture, where the page loads none of other hosts. */
  picture?: (words: string) => string
}

/** Structured content, as the consumer and the agent see it: cards, carousels, buttons. */
export function drawCard<Node>(maker: CardMaker<Node>, root: RichElement): Node {
  return maker.make('div', { className: 'card' }, draw(maker, root))
}

function draw<Node>(maker: CardMaker<Node>, element: RichElement): Node {
  const { make, onClick } = maker
  const { type, elements = [], text, title = '', tooltip, style } = element
  const hint = tooltip === undefined ? {} : { title: tooltip }
  // Boxes that this page does not know yet show what is in them, one below the other.
  if (elements.length > 0) {
    const box = type === 'horizontal' || type === 'carousel' ? type : 'vertical'
    const reached = box === 'carousel' ? { role: 'group' as const, tabIndex: 0 } : {}
    const inside = elements.map((child) => draw(maker, child))
    return make('div', { className: box, ...reached }, ...inside)
  }
  switch (type) {
    case 'text': {
      const className = `text ${style?.bold ? 'bold' : ''} ${style?.size ?? ''}`
      return make('p', { className }, text ?? '')
    }
    case 'image':
      return drawImage(maker, element)
    case 'button': {
      const link = element.click?.actions?.map(addressOf).find((address) => address !== undefined)
      if (link !== undefined)
        return make('a', { className: 'button', ...linkTo(link), ...hint }, title)
      return onClick
        ? make('button', { type: 'button', ...hint, onClick: () => onClick(element) }, title)
        : make('span', { className: 'choice', ...hint }, title)
    }
    default:
      // A kind of element that this page does not know yet: its words are better than nothing.
      return make('p', { className: 'text' }, text ?? title)
  }
}

function drawImage<Node>({ make, picture }: CardMaker<Node>, element: RichElement): Node {
  const { url = '', tooltip, caption } = element
  const words = tooltip ?? caption ?? ''
  if (!picture) return make('img', { src: url, alt: words, loading: 'lazy' })
  const address = /^https:/i.test(url) ? linkTo(url) : {}
  return make('a', { ...address }, picture(words))
}

const linkTo = (href: string) => ({ href, target: '_blank', rel: 'noopener noreferrer' })

/** The server refuses other schemes. Messages of version 0.1.0 may have them: a link that could run code is not followed. */
function addressOf({ type, uri, lo, la }: RichAction): string | undefined {
  if (type === 'link' && uri && /^(https?|tel|mailto|geo):/i.test(uri)) return uri
  return type === 'navigate' ? `geo:${la},${lo}` : undefined
}

/** The first words of a card, where there is room for one line only. */
export function wordsOf({ text, title, elements = [] }: RichElement): string {
  return text ?? title ?? elements.map(wordsOf).find((words) => words !== '') ?? ''
}
