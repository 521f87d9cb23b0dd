import { h } from 'preact'
import type { RichElement } from '../content.ts'
import { drawCard } from './draw-card.ts'

export interface RichContentProps {
  root: RichElement
  /** For buttons that answer; links and maps open by themselves. */
  onClick: (element: RichElement) => void
}

/** Structured content: cards, carousels, buttons. */
export function RichContent({ root, onClick }: RichContentProps) {
  return drawCard({ make: h, onClick }, root)
}
