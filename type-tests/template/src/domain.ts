import { defineModel, defineSignals, type Locked } from '@justscale/runtime';
import { z } from 'zod';

export class Order extends defineModel(
  'order',
  z.object({ customer: z.string(), total: z.number(), state: z.enum(['open', 'paid', 'shipped']) }),
) {
  isOpen(): boolean {
    return this.state === 'open';
  }

  payment(this: Locked<Order>): { state: 'paid' } {
    if (!this.isOpen()) throw new Error(`order ${this.id} is ${this.state}`);
    return { state: 'paid' };
  }
}

export class OrderSignals extends defineSignals((signal) => ({
  paid: signal('/order/:order/paid').types({ order: Order }),
})) {}
