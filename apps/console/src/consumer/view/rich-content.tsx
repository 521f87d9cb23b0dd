import type { RichAction, RichElement } from '../content.ts'

export interface RichContentProps {
  root: RichElement
  /** For buttons that answer; links and maps open by themselves. */
  onClick: (element: RichElement) => void
}

/** Structured content: cards, carousels, buttons. */
export function RichContent({ root, onClick }: RichContentProps) {
  return (
    <div class="card">
      <Element element={root} onClick={onClick} />
    </div>
  )
}

function Element({
  element,
  onClick,
}: {
  element: RichElement
  onClick: RichContentProps['onClick']
}) {
  const { type, elements = [], text, title, tooltip, url, style, caption } = element
  // Boxes that this page does not know yet show what is in them, one below the other.
  if (elements.length > 0) {
    const box = type === 'horizontal' || type === 'carousel' ? type : 'vertical'
    return (
      <div class={box} {...(box === 'carousel' && { role: 'group', tabIndex: 0 })}>
        {elements.map((child, index) => (
          <Element key={index} element={child} onClick={onClick} />
        ))}
      </div>
    )
  }
  switch (type) {
    case 'text':
      return <p class={`text ${style?.bold ? 'bold' : ''} ${style?.size ?? ''}`}>{text}</p>
    case 'image':
      return <img src={url} alt={tooltip ?? caption ?? ''} loading="lazy" />
    case 'button': {
      const link = element.click?.actions?.map(addressOf).find((address) => address !== undefined)
      return link ? (
        <a class="button" href={link} target="_blank" rel="noopener noreferrer" title={tooltip}>
          {title}
        </a>
      ) : (
        <button type="button" title={tooltip} onClick={() => onClick(element)}>
          {title}
        </button>
      )
    }
    default:
      // A kind of element that this page does not know yet: its words are better than nothing.
      return <p class="text">{text ?? title ?? ''}</p>
  }
}

/** The server refuses other schemes. Messages of version 0.1.0 may have them: a link that could run code is not followed. */
function addressOf({ type, uri, lo, la }: RichAction): string | undefined {
  if (type === 'link' && uri && /^(https?|tel|mailto|geo):/i.test(uri)) return uri
  return type === 'navigate' ? `geo:${la},${lo}` : undefined
}
