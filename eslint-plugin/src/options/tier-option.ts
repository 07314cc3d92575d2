import type { JSONSchema4 } from '@typescript-eslint/utils/json-schema';

/** `certain`: two sites conflict, and what is lost can be said. `probable`: they do if the field means what it seems to. */
export type Tier = 'certain' | 'probable';

/** Which findings a rule reports. */
export interface TierOptions {
  /** Also those that are races only if the fields mean what they seem to; the `strict` config says so. */
  readonly probable: boolean;
}

const schema: readonly JSONSchema4[] = [
  {
    type: 'object',
    additionalProperties: false,
    properties: {
      probable: {
        type: 'boolean',
        description:
          'Report also what is a race only if the fields mean what they seem to. The `strict` config does.',
      },
    },
  },
];

/** The option of a rule that is surer of some findings than of others. */
export const tierOption: {
  readonly schema: readonly JSONSchema4[];
  readonly defaultOptions: readonly [TierOptions];
  readonly strictOptions: readonly [TierOptions];
} = {
  schema,
  defaultOptions: [{ probable: false }],
  strictOptions: [{ probable: true }],
};

/** Whether a rule with these options reports a finding. */
export function isReported(finding: { readonly tier: Tier }, options: TierOptions): boolean {
  return finding.tier === 'certain' || options.probable;
}
