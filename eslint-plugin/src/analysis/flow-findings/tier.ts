export type { Tier } from '../../options/tier-option.js';
