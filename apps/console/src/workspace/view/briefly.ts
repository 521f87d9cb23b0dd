import { wordsOf } from '../../consumer/view/draw-card.ts'
import type { Content } from '../desk/state.ts'
import { fileWords } from '../files/words.ts'
import { t } from '../words.ts'

/** A message in one line. */
export function briefly(content: Content): string {
  switch (content.kind) {
    case 'text':
    case 'event':
      return content.text
    case 'file':
      return content.caption || fileWords.file
    case 'rich':
      return wordsOf(content.root) || t.card
  }
}
