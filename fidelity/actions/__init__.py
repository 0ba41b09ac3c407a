"""What people decide about reviews, reports and plans. Each module is one stage."""
