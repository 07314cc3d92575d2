import {
  DataTypes,
  Sequelize,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
} from 'sequelize';
import type { AccountRow, Variant } from '../variant.js';

interface AccountModel
  extends Model<InferAttributes<AccountModel>, InferCreationAttributes<AccountModel>>, AccountRow {}

export default {
  title: 'Sequelize',
  packages: ['sequelize', 'pg'],
  asked: '`sequelize.transaction(…)` with `findByPk({ lock: true })` and `account.update(…)`',
  async open({ url, connections }) {
    const sequelize = new Sequelize(url, { logging: false, pool: { max: connections } });
    const Account = sequelize.define<AccountModel>(
      'account',
      {
        id: { type: DataTypes.TEXT, primaryKey: true },
        owner: DataTypes.TEXT,
        balance: DataTypes.INTEGER,
      },
      { tableName: 'account', timestamps: false },
    );
    return {
      increment: (id: string) =>
        sequelize.transaction(async (transaction) => {
          const account = await Account.findByPk(id, { lock: true, transaction });
          if (account === null) throw new Error('the account is not there');
          await account.update({ balance: account.balance + 1 }, { transaction });
        }),
      close: () => sequelize.close(),
    };
  },
} satisfies Variant;
