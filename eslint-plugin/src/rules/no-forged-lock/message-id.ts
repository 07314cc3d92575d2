import type { SlotProblem } from '../../analysis/provenance/slots.js';
import type { MessageId } from './messages.js';

/** The message for an end of a trail. */
export function getMessageId({ kind, isDraft, place }: SlotProblem): MessageId {
  switch (kind) {
    case 'any':
      if (isDraft) return 'anyDraft';
      return place ? 'generic' : 'any';
    case 'never':
    case 'self':
    case 'narrowed':
    case 'widened':
      return kind;
    default:
      if (isDraft) return 'unknownDraft';
      return kind === 'asserted' && place ? 'generic' : kind;
  }
}
