import type { WriteSite } from '../model/write-site.js';

/** A verdict with its reason. */
export type Judgement = Pick<WriteSite, 'verdict' | 'because'>;
