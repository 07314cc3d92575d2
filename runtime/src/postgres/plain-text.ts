const asItIs = (text: string): string => text;

/**
 * The types that the driver would interpret (see its `types.js`): it passes their text on instead, in both directions.
 * What a value becomes depends on the model's schema, and a serializer that throws would mix up the driver's replies.
 */
export const plainText: {
  readonly to: number;
  readonly from: number[];
  readonly serialize: (text: string) => string;
  readonly parse: (text: string) => string;
} = {
  to: 25,
  from: [16, 17, 20, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 1700, 3802],
  serialize: asItIs,
  parse: asItIs,
};
